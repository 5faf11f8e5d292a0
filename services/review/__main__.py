"""``python -m services.review`` serves; ``… declare`` only declares what it needs at the broker."""

from infra.runtime.start import start

if __name__ == "__main__":
    start("services.review.app")
