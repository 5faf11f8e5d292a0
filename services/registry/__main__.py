"""``python -m services.registry``: the registry service as one process."""

from services.registry.app import build

if __name__ == "__main__":
    build().main()
