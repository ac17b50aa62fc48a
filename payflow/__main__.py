"""`python -m payflow` is the command `payflow`."""

from payflow.cli import main

if __name__ == "__main__":
    main()
