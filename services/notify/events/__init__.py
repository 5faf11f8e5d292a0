"""The facts that notify consumes, each as its own narrow copy. It publishes none yet."""
