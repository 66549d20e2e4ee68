"""Floor 4, the bill: what each resource costs a month, by a price book that is part of the package.

Imports model, kit, graph and lower; never rulebook or capacity. Every price has a source and a date; what is not
known is named, never counted as $0. What a bill says (names of lines, what was assumed, why there is no price) is in the
language spoken when it is made; its figures, units and addresses are the same in all.
"""
