"""How the remembered looks on the wire: one function a schema, the widest form; the contract drops what a version lacks."""
