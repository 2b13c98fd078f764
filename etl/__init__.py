"""How a delivery gets into the warehouse: read, land, map, gate, stage, assess, publish, report."""
