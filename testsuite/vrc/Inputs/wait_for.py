# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""wait_for.py FILE...: returns when all of them are there."""

import os
import sys
import time

end = time.monotonic() + 60
while not all(map(os.path.exists, sys.argv[1:])):
    if time.monotonic() > end:
        sys.exit(f"not all of {sys.argv[1:]} have come")
    time.sleep(0.05)
