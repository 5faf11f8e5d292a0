"""HTTP of HR: runs, files, the mirror, proposals, holds."""
