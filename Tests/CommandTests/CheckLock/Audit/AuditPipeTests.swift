import TestSupport
import Testing

@Suite("audit follows what is piped into a shell")
struct AuditPipeTests {
    @Test(arguments: [
        "echo \"cd /srv && docker compose up -d\" | ssh deploy@server",
        "printf '%s\\n' 'docker restart web' | ssh deploy@server sh",
        "printf 'cd /srv\\ndocker restart web\\n' | bash", "echo docker restart web | sh -x",
        "echo 'docker restart web' | sudo -u deploy bash -s",
        "echo 'docker cp a b:c' | su - deploy",
        "echo -e 'cd x\\ndocker restart web' | tee log | ssh -i key -p 22 host",
        "echo 'docker restart web' | ssh -o BatchMode=yes host 'bash -s'",
        "echo 'docker restart web' | ssh host sudo -n sh",
        "echo 'docker restart web' |\n  ssh host",
        "echo 'docker restart web' | at now", "echo 'docker restart web' |& bash",
        "echo \"docker restart $NAME\" | ssh host || echo no",
        "{ echo cd /srv; echo docker restart web; } | ssh host",
        "(echo 'docker restart web') | ssh host bash -s",
        "for a in 1 2; do echo docker restart $a; done | ssh host sh",
        "if x; then echo docker restart a; fi | ssh host",
        "( (echo y; echo docker restart a) | tee log ) | ssh host",
        "bash <<< 'docker restart web'", "ssh host bash -s <<< \"docker restart web\"",
    ])
    func `a deployment piped into a shell is found`(_ text: String) throws {
        #expect(try AuditFixture.lines(text + "\n", in: "a.sh") == [1], "\(text)")
    }

    @Test(arguments: [
        "echo 'docker restart web' | tee log", "echo 'docker restart web' | ssh host tee notes",
        "echo 'docker restart web' | sudo tee /etc/motd", "echo 'docker restart web' || sh",
        "echo 'docker restart web' | mail -s x root", "echo 'docker restart web'; ssh host",
        "{ echo 'docker restart web'; } > notes; echo ls | ssh host",
        "(echo 'docker restart web') || ssh host", "{ echo ls; } | ssh host; echo docker restart a",
        "case x in a) echo 'docker restart web';; esac; ssh host",
        "echo 'docker restart web' | sh -c 'cat > log'", "echo 'docker restart web' | bash x.sh",
        "echo 'docker restart web' | deploy-with-lock sh",
        "echo 'deploy-with-lock docker restart web' | ssh host",
        "echo 'docker restart web' | ssh host deploy-with-lock sh",
        "echo 'docker restart web' | ssh host \"grep x\"",
    ])
    func `text for people or under the lock is left alone in a pipe`(_ text: String) throws {
        #expect(try AuditFixture.lines(text + "\n", in: "a.sh") == [], "\(text)")
    }

    @Test func `a finding's line is that of the command inside the pipe`() throws {
        let text =
            "#!/bin/sh\necho 'cd /srv\n  docker compose pull\n  docker compose up -d' |\n  ssh host\n"
        #expect(try AuditFixture.lines(text, in: "a.sh") == [4])
    }
}
