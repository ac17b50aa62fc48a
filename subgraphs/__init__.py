"""Five services of one shape. Learn one, know the other four; they are strangers to each other."""
