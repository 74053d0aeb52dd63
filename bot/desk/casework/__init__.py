"""What officers do with cases at the console: find, look, reveal, hand on, count. Everything asks first whose it is."""
