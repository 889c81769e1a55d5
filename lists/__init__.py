"""One file per public list or registry: what it is (DATASET) above how it is read (parse)."""
