"""Checks what the ledger and the notifications tell of four deployments; see scripts/peers/compose."""

import json
import sys

events, told = ([json.loads(line) for line in open(path)] for path in sys.argv[1:3])
failed = ["requested", "acquired", *["health_checked"] * 4, "rolled_back", "released"]
# Between the records are lines with details.
events = [event for event in events if "kind" in event]
for number in (2, 3):
    mine = [event for event in events if event.get("number") == number]
    kinds = [event["kind"] for event in mine]
    # With two successes in a row to come, the fourth failure decides.
    assert kinds == failed, (number, kinds)
    assert len({event["deployment"] for event in mine}) == 1
    assert all(event["result"] == "unhealthy" for event in mine if event["kind"] == "health_checked")
    rollback, release = mine[-2:]
    assert rollback["result"] == "done" and rollback["failed_step"] == "health", rollback
    assert (rollback["last_good_sha"], rollback["last_good_number"]) == ("v1", 1), rollback
    assert release["outcome"] == "failed" and release["reason"] == "health", release
    assert (release["exit_code"], release["ended_with"]) == (0, 69), release
    assert (release["health"], release["rollback"]) == ("unhealthy", "done"), release
    assert release["log_bytes"] > 0 and len(release["log_sha256"]) == 64, release
ends = [event["outcome"] for event in events if event["kind"] == "released"]
assert ends == ["succeeded", "failed", "failed", "succeeded"], ends
assert not [event for event in events if event["kind"] == "wrapper_lost"]

conditions = [note["conditions"] for note in told]
assert conditions == [["failed", "rolled_back"]] * 2 + [["succeeded", "recovered"]], conditions
print("two containers were deployed, rolled back and served through it all")
