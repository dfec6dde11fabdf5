"""What every Python test may use."""

import sys

# The source tree stays as it was checked out.
sys.dont_write_bytecode = True
