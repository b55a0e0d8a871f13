"""One of several processes that issue from one data folder and revoke what it finds; see test_together.py."""

import sys
from pathlib import Path

from issuing_office import CODE, Office, class_list

import issuer.issuing
from issuer import StatusRefused

issuer.issuing.CHUNK = 4  # more transactions that may meet

folder, number, rows = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
office = Office(folder)
print("ready", flush=True)
sys.stdin.readline()
# Everybody publishes the same version, plans the same learners once more, and finishes what others began.
wording = office.issuer.definitions("uef")[0]
preview = office.issuer.import_class_list("uef", CODE, "shared", class_list(rows))
office.issuer.issue_batch(office.issuer.start_batch(preview, by=f"process {number}"))
own = class_list(rows, start=1_000 * number)
preview = office.issuer.import_class_list("uef", wording.code, f"run {number}", own)
office.issuer.start_batch(preview, by=f"process {number}")
office.issuer.resume()
print("issued", flush=True)
sys.stdin.readline()  # what is revoked may be issued anew: only now
for record in office.issuer.credentials("uef")[:rows]:
    try:
        office.issuer.revoke(record.urn, reason="board", by=f"process {number}")
        print("revoked", record.urn, flush=True)
    except StatusRefused:  # another process was first
        continue
office.issuer.sign_status_lists()
office.close()
