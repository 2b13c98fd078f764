"""The documents: pages that are generated from the program, the site that is built of all pages, and a check of their links."""
