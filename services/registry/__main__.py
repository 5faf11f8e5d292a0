"""``python -m services.registry``: the registry service as one process."""

from infra.runtime.start import start

if __name__ == "__main__":
    start("services.registry.app")
