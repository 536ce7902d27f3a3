"""`python -m bot …`: every command of the product."""

import sys

from bot.cli.app import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
