"""``python -m services.notify``: the notify service as one process."""

from infra.runtime.start import start

if __name__ == "__main__":
    start("services.notify.app")
