"""The schemas that the stand-in providers publish.

`aws_schema.json.gz` is the schema of hashicorp/aws 6.47.0 (from an MIT-licensed copy, see NOTICE); six very large types are
missing from it and `aws_wafv2_web_acl` is stood in for. `providers.json` holds the provider block of AWS and what configurations
use of the utility providers (random, null, local, tls, archive, time, http, template).
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
HERE = Path(__file__).parent


def aws_types() -> Schema:
    """`resource_schemas` and `data_source_schemas` by type."""
    found: Schema = json.loads(gzip.decompress((HERE / "aws_schema.json.gz").read_bytes()))
    return found


def providers() -> dict[str, tuple[Schema, Schema, Schema]]:
    """Provider, resources and data sources by the provider's name."""
    told = json.loads((HERE / "providers.json").read_text())
    types = aws_types()
    types["resource_schemas"].setdefault("aws_wafv2_web_acl", told["aws_wafv2_web_acl"])
    empty: tuple[Schema, Schema, Schema] = ({"version": 0, "block": {}}, {}, {})
    found = dict.fromkeys(told["empty"], empty)
    found.update({name: tuple(parts) for name, parts in told["utilities"].items()})
    found["hashicorp/aws"] = (told["aws_provider"], types["resource_schemas"], types["data_source_schemas"])
    return found
