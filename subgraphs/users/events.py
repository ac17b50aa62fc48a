"""Users emits nothing yet: nobody listens for people."""
