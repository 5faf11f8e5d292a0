"""Reviews: the way of a brand from the submitted draft to the resolution, step by step of its procedure."""
