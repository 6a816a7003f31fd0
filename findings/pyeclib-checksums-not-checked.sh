#!/usr/bin/env bash
# PyECLib 1.6.0 (Debian's python3-pyeclib 1.6.0-8 with liberasurecode1 1.6.2-1), four data fragments and two of parity with `chksum_type="inline_crc32"`: one byte of one
# fragment has changed on its disk.
#
# Guess: `decode` compares the checksum that stands in each fragment, leaves the damaged one out and makes it anew of the others; at the least it raises an error.
# Behaviour: it compares none. With all fragments there a damaged data fragment gives other data than were encoded, and no error; with a data fragment lost a damaged
#   parity fragment does, too. `force_metadata_checks=True` changes nothing. The metadata of the damaged fragment say `chksum_mismatch`, for who asks; decoded
#   without it, the data are right.
# Consequence for who collects fragments from replicas: check every fragment before decoding (best against a digest that the proposer has signed), and the data after it.
set -euo pipefail
for tool in apt-get dpkg /usr/bin/python3; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with python3." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download python3-pyeclib=1.6.0-8 liberasurecode1=1.6.2-1 python3-six >/dev/null 2>&1 ||
  { echo "python3-pyeclib 1.6.0-8 cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
cat >try.py <<'PY'
from pyeclib.ec_iface import ECDriver

driver = ECDriver(k=4, m=2, ec_type="liberasurecode_rs_vand", chksum_type="inline_crc32")
block = bytes((i * 7 + 1) % 256 for i in range(4000))
fragments = driver.encode(block)

def said(some, **options):
    try:
        return "right" if driver.decode(some, **options) == block else "other data"
    except Exception as error:
        return type(error).__name__

for damaged, lost in ((0, None), (4, None), (4, 1)):
    changed = bytearray(fragments[damaged])
    changed[-1] ^= 1
    some = [bytes(changed) if i == damaged else fragment for i, fragment in enumerate(fragments) if i != lost]
    without = [fragment for i, fragment in enumerate(fragments) if i not in (lost, damaged)]
    mismatches = [i for i, fragment in enumerate(fragments) if i != lost and driver.get_metadata(bytes(changed) if i == damaged else fragment, formatted=1)["chksum_mismatch"]]
    print(f"fragment {damaged} damaged, {'none' if lost is None else lost} lost: {said(some)}, with forced checks {said(some, force_metadata_checks=True)}, "
          f"without it {said(without)}; checksum that does not fit: {mismatches}")
PY
found=$(LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) PYTHONPATH=usr/lib/python3/dist-packages /usr/bin/python3 try.py)
expected='fragment 0 damaged, none lost: other data, with forced checks other data, without it right; checksum that does not fit: [0]
fragment 4 damaged, none lost: right, with forced checks right, without it right; checksum that does not fit: [4]
fragment 4 damaged, 1 lost: other data, with forced checks other data, without it right; checksum that does not fit: [4]'
echo "$found"
[ "$found" = "$expected" ]
