"""``python -m services.activities``: the activities service as one process."""

from services.activities.app import build

if __name__ == "__main__":
    build().main()
