# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""status.py STATUS COMMAND...: runs it and succeeds if it ends with that status.

Passes its output on. A command that fails to run at all (status 2) must leave standard output to
those who read it: whatever is printed there is called out.
"""

import subprocess
import sys

expected = int(sys.argv[1])
done = subprocess.run(sys.argv[2:], capture_output=True, check=False, encoding="utf-8")
sys.stderr.write(done.stderr)
sys.stdout.write(done.stdout)
if expected == 2 and done.stdout:
    sys.exit("there is something on standard output")
if done.returncode != expected:
    sys.exit(f"ended with {done.returncode} instead of {expected}")
