"""Writers of synthetic deliveries, one per format."""
