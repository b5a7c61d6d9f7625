"""Checks the mails in a folder of a mailbox; see scripts/peers/mail."""

import email
import email.policy
import pathlib
import sys

mails = sorted(pathlib.Path(sys.argv[1]).iterdir())
assert len(mails) == 2, f"{len(mails)} mails have arrived, not 2"
for path in mails:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    for part in mail.walk():
        assert not part.defects, part.defects
    assert mail.get_content_type() == "multipart/alternative", mail.get_content_type()
    people = [(person.display_name, person.addr_spec) for person in mail["To"].addresses]
    assert people == [("Jürgen", "ops@example.org"), ("", "ann@example.org")], people
    assert "Deployments 2026-W47: 101 deployments" in mail["Subject"], mail["Subject"]
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Message-ID"] and mail["MIME-Version"] == "1.0"
    # The server's own, as nobody gave one.
    assert "@" in mail["From"], mail["From"]
    assert mail["Received"], "no server has seen it"
    plain, html = [part.get_content() for part in mail.iter_parts()]
    assert all(len(line) <= 72 for line in plain.splitlines())
    assert "≤ 10m" in plain and "≤ 10m" in html
    assert html.rstrip().endswith("</html>")
print("two mails have arrived as they were sent")
