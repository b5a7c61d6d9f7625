import TestSupport
import Testing

@Suite("audit reads YAML as YAML")
struct AuditYAMLTests {
    @Test(
        arguments: [
            ("run: >\n  docker compose\n  -f a.yml\n  up -d\n", [2]),
            ("run: >-\n\n  echo a\n  b &&\n  docker\n  restart web\n", [5]),
            ("a:\n  - run: |\n      echo a\n\n      docker \\\n        restart web\n", [5]),
            ("script:\n  - docker compose -f a.yml\n    -f b.yml\n    up -d\n", [2]),
            ("script:\n- docker compose -f a.yml\n  up -d\n- echo\n", [2]),
            ("run: docker compose\n  up -d\nnext: 1\n", [1]),
            ("run: \"docker compose\n  up -d\"\n", [1]),
            ("run: 'echo it''s on;\n\n  docker restart web'\n", [3]),
            ("run: |2\n    docker cp a b:c\n", [2]),
            ("- - docker compose up\n  - x\n- docker cp a b:c\n", [1, 3]),
            ("k: !!str &anchor |\n  docker cp a b:c\n", [2]),
            ("--- >\n  docker compose\n  up\n", [2]),
            ("a:\r\n  run: >\r\n    docker compose\r\n    up\r\n", [3]),
            ("run: |\n  ssh host '\n    docker restart web\n  '\n", [3]),
            ("run: >\n  ssh host 'cd /srv &&\n  docker compose\n  up'\n", [3]),
        ]
    )
    func `a command over several lines is found on the line where it begins`(
        text: String, lines: [Int]
    ) throws {
        #expect(try AuditFixture.lines(text, in: "a.yml") == lines, "\(text)")
    }

    @Test(
        arguments: [
            ("argv: [docker, compose, up, -d]\n", [1]),
            ("command: [\"/usr/bin/docker\", \"restart\",\n  web]\n", [1]),
            ("argv:\n  - docker\n  - --context\n  - prod\n  - restart\n", [2]),
            ("a:\n- docker\n- cp\nb: 1\n", [2]),
            ("command: [sh, -c, \"cd /srv && docker compose up\"]\n", [1]),
            ("x: {shell: docker restart web, name: docker restart web}\n", [1]),
            ("x:\n  command:\n    argv: [deploy-with-lock, docker, compose, up]\n", []),
            ("argv: [echo, docker, restart]\n", []),
            ("argv:\n  - docker\n  - ps\n", []),
        ]
    )
    func `a YAML list of words is one command`(text: String, lines: [Int]) throws {
        #expect(try AuditFixture.lines(text, in: "a.yaml") == lines, "\(text)")
    }

    @Test(
        arguments: [
            "- name: docker compose up\n  shell: deploy-with-lock docker compose up\n",
            "description: >\n  Runs docker compose up,\n  then docker restart.\n",
            "# docker compose up\na: 1 # docker compose up\n", "run: docker ps # docker cp a b\n",
            "run: >  # check-deploy-lock: ok\n  docker compose\n  up\n",
            "run: docker restart web # check-deploy-lock: ok\n",
            "run: >\n  deploy-with-lock --\n  docker compose\n  up\n",
            "a: docker compose\n\nb: up\n", "a:\n  - docker compose\n  - up\n",
            "run: git commit -m 'docker restart web'\n",
        ]
    )
    func `YAML text for people or under the lock is left alone`(text: String) throws {
        #expect(try AuditFixture.lines(text, in: "a.yml") == [], "\(text)")
    }

    @Test(
        arguments: [
            ("{{- if .Values.x }}\n- docker restart web\n{{- end }}\n", [2]),
            ("run: {{ docker }} ; docker cp a b:c\n", [1]),
            ("run: \"docker restart\" web; docker restart web\n", [1]),
            ("a: [docker, restart\nb: docker cp a b:c\n", [2]),
            ("run: 'docker restart web\n", []),
            ("\t- run: docker restart web\n", [1]),
            ("a: *x\n<<: *y\nrun: docker restart web\n", [3]),
            ("run: docker restart web\n\u{0}", []),
        ]
    )
    func `a file that is not quite YAML is still read`(text: String, lines: [Int]) throws {
        let found = try AuditFixture.lines(text, in: "a.yml")
        #expect(found == lines || !lines.isEmpty && Set(lines).isSubset(of: found), "\(found)")
    }

    @Test func `deeply nested brackets end somewhere`() throws {
        let text = String(repeating: "[", count: 50_000) + "\nrun: docker restart web\n"
        #expect(try AuditFixture.lines(text, in: "a.yml") == [2])
    }

    @Test func `scripts of package files are found on their lines`() throws {
        let text = """
            {
              "name": "docker compose up",
              "description": "docker restart web",
              "keywords": ["docker", "compose", "up"],
              "scripts": {
                "build": "tsc", "deploy": "npm run build && docker compose up -d",
                "list": ["docker restart a",
                         "docker restart b"],
                "locked": "deploy-with-lock docker compose up"
              }
            }
            """
        #expect(try AuditFixture.lines(text, in: "package.json") == [6, 7, 8])
        #expect(try AuditFixture.lines(text, in: "other.json") == [])
    }
}
