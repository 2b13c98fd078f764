"""How a delivery gets into the warehouse: received, loaded, derived from, reported.

The rooms in the order of the data; tests/unit/test_house.py keeps imports from running up:

    identity, delivery, readers, mapping, landing, receiving    a hospital's files become landed rows without identities
    loads, gate, staging, quality, report                       landed rows become an assessed load and its report
    study, derivation                                           what follows from loads
    own_files, synthetic, ingest_all, commands                  other ways in, and the commands

On the ground floor: `cli` (the door), `pipeline` and `derive` (the ways), `settings` (the dials), `findings` (the words).
"""
