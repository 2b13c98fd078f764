"""Landing: a delivery's files become text rows in Parquet, identities removed on the way."""
