"""``python -m services.activities``: the activities service as one process."""

from infra.runtime.start import start

if __name__ == "__main__":
    start("services.activities.app")
