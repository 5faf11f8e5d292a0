"""``python -m services.review`` serves; ``… declare`` only declares what it needs at the broker."""

from services.review.app import build

if __name__ == "__main__":
    build().main()
