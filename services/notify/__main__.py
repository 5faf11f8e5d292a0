"""``python -m services.notify``: the notify service as one process."""

from services.notify.app import build

if __name__ == "__main__":
    build().main()
