"""`python -m clops_app` is `clops`."""

from clops_app.entrypoints.cli import run

if __name__ == "__main__":
    run()
