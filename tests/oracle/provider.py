"""A stand-in for Terraform providers: real schemas, no cloud.

    python -m tests.oracle.provider DIRECTORY

answers Terraform's plugin protocol (v6) on local ports and writes `reattach.json` in DIRECTORY, the value of
TF_REATTACH_PROVIDERS. With it the real `terraform validate` and `plan` run offline on any AWS configuration: every argument is
checked, Terraform itself expands count, for_each, dynamic blocks and modules, and computed attributes come out unknown.
`extras.json` in DIRECTORY lays arguments of older provider versions over the schemas.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
import re
import sys
import threading
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import msgpack
from tf.gen import grpc_controller_pb2 as controller
from tf.gen import grpc_controller_pb2_grpc as controller_rpc
from tf.gen import grpc_stdio_pb2_grpc as stdio_rpc
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from tests.oracle.schemas import Schema, providers

UNKNOWN = msgpack.ExtType(0, b"\x00")
NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}
MESSAGE_BYTES = 256 << 20
# Zones by region, as tests compare them with what ClOps answers. Source: see clops_app/terraform/data_sources.py.
ZONES = {
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
}


# -- schemas as messages -------------------------------------------------------------------------------------------


def _attribute(name: str, told: Schema) -> Any:
    message = pb.Schema.Attribute(name=name, **{flag: told.get(flag, False) for flag in ("required", "optional", "computed", "sensitive")})
    if "nested_type" in told:
        inner = told["nested_type"]
        attributes = [_attribute(key, value) for key, value in inner["attributes"].items()]
        message.nested_type.CopyFrom(pb.Schema.Object(attributes=attributes, nesting=NESTING[inner["nesting_mode"]]))
    else:
        message.type = json.dumps(told["type"]).encode()
    return message


def _block(told: Schema, version: int = 0) -> Any:
    nested = [
        pb.Schema.NestedBlock(
            type_name=key,
            nesting=NESTING[value["nesting_mode"]],
            min_items=value.get("min_items", 0),
            max_items=value.get("max_items", 0),
            block=_block(value["block"]),
        )
        for key, value in told.get("block_types", {}).items()
    ]
    return pb.Schema.Block(
        version=version, attributes=[_attribute(key, value) for key, value in told.get("attributes", {}).items()], block_types=nested
    )


def _schema(told: Schema) -> Any:
    return pb.Schema(version=told.get("version", 0), block=_block(told["block"]))


def _optional(kind: Any) -> Schema:
    return {"type": kind, "optional": True, "computed": True}


def laid_over(base: Schema, extras: Schema) -> Schema:
    """The schemas with arguments and blocks added, as extras.json lists them: type → path of blocks → name → type."""
    out = dict(base)
    for type_name, additions in extras.items():
        told = copy.deepcopy(out.get(type_name) or {"version": 0, "block": {"attributes": {"id": _optional("string")}}})
        for path, attributes in additions.items():
            block = told["block"]
            for step in filter(None, path.split("/")):
                block = block.setdefault("block_types", {}).setdefault(step, {"nesting_mode": "list", "block": {}})["block"]
            for name, kind in attributes.items():
                if kind == "block":
                    block.setdefault("attributes", {}).pop(name, None)
                    block.setdefault("block_types", {}).setdefault(name, {"nesting_mode": "list", "block": {}})
                elif name not in block.get("block_types", {}):
                    block.setdefault("attributes", {})[name] = _optional(kind)
        for name in additions.get("", {}):
            told["block"]["attributes"].get(name, {}).pop("required", None)
        out[type_name] = told
    return out


# -- values --------------------------------------------------------------------------------------------------------


def _packed(value: Any) -> Any:
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def _unpacked(value: Any) -> Any:
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, strict_map_key=False)
    return json.loads(value.json) if value.json else None


def planned(block: Schema, value: Any) -> Any:
    """Computed attributes that the configuration leaves null become unknown, as a real provider plans them."""
    if value is None or isinstance(value, msgpack.ExtType):
        return value
    for name, told in block.get("attributes", {}).items():
        if told.get("computed") and value.get(name) is None:
            value[name] = UNKNOWN
        elif "nested_type" in told:
            _each_planned({"attributes": told["nested_type"]["attributes"]}, told["nested_type"]["nesting_mode"], value.get(name))
    for name, told in block.get("block_types", {}).items():
        _each_planned(told["block"], told["nesting_mode"], value.get(name))
    return value


def applied(block: Schema, value: Any, address: str) -> Any:
    """What was unknown is known: strings are told apart by where they stand, as AWS's identifiers are."""
    if not isinstance(value, dict):
        return value
    for name, told in block.get("attributes", {}).items():
        nested = told.get("nested_type")
        if isinstance(value.get(name), msgpack.ExtType):
            value[name] = _zero(told["type"]) if nested is None else None if nested["nesting_mode"] == "single" else []
            if value[name] == "stub":
                value[name] = f"{name}-{address}"
    for name, told in block.get("block_types", {}).items():
        items = value.get(name) or []
        if isinstance(items, dict):
            items = items.values() if told["nesting_mode"] == "map" else [items]
        for number, item in enumerate(items):
            applied(told["block"], item, f"{address}-{name}-{number}")
    return value


def _each_planned(block: Schema, nesting: str, value: Any) -> None:
    if value is None or isinstance(value, msgpack.ExtType):
        return
    for item in [value] if nesting in ("single", "group") else value.values() if nesting == "map" else value:
        planned(block, item)


def _zero(kind: Any) -> Any:
    match kind:
        case "string":
            return "stub"
        case "number":
            return 0
        case "bool":
            return False
        case ["list" | "set", _]:
            return []
        case ["map", _]:
            return {}
        case ["object", members, *_]:
            return {name: _zero(member) for name, member in members.items()}
        case _:
            return None


def _prefix(region: str) -> str:
    """What a zone's id begins with: apse2 for ap-southeast-2."""
    area, *words = re.findall("north|south|east|west|central|gov|[a-z]+|[0-9]+", region)
    return area + "".join(word[0] for word in words)


def read(type_name: str, block: Schema, configured: Any, region: str) -> Any:
    """A data source's answer: zones and region are modelled, the rest is a stand-in of the right type."""
    found = dict(configured)
    for name, told in block.get("attributes", {}).items():
        if told.get("computed") and found.get(name) is None:
            nesting = told.get("nested_type", {}).get("nesting_mode")
            stand_in = f"stub-{type_name}" if told["type"] == "string" else _zero(told["type"])  # what two sources answer differs
            found[name] = stand_in if nesting is None else None if nesting == "single" else []
    zones = [region + letter for letter in ZONES.get(region, "abc")]
    policy = '{"Version":"2012-10-17","Statement":[]}'
    modelled = {
        "aws_availability_zones": {
            "names": zones,
            "zone_ids": [f"{_prefix(region)}-az{number}" for number, _ in enumerate(zones, 1)],
            "group_names": [region],
        },
        "aws_region": {"name": region, "id": region, "region": region, "endpoint": f"ec2.{region}.amazonaws.com"},
        "aws_caller_identity": {"account_id": "123456789012", "arn": "arn:aws:iam::123456789012:user/stub", "user_id": "AIDASTUB"},
        "aws_partition": {"partition": "aws", "dns_suffix": "amazonaws.com"},
        "aws_ami": {"id": "ami-0123456789abcdef0"},
        "aws_subnets": {"ids": ["subnet-aaaa", "subnet-bbbb"]},
        "aws_iam_policy_document": {"json": policy, "minified_json": policy},
    }.get(type_name, {})
    found.update({name: value for name, value in modelled.items() if name in block.get("attributes", {}) and configured.get(name) is None})
    return found


# -- the service ---------------------------------------------------------------------------------------------------


class Provider(rpc.ProviderServicer):
    def __init__(self, name: str, told: tuple[Schema, Schema, Schema], directory: Path) -> None:
        self.name, self.base, self.directory = name, told, directory
        self.provider, self.resources, self.data = told
        self.regions: dict[str, str] = {}  # Terraform opens a connection for each provider block: the peer tells which one asks
        self.made = itertools.count()
        self.extras = ""
        self.schema: Any = None

    def reload(self) -> None:
        file = self.directory / "extras.json"
        extras = file.read_text() if file.exists() else "{}"
        if extras != self.extras:
            mine = json.loads(extras).get(self.name, {})
            self.extras, self.schema = extras, None
            self.provider = laid_over({"provider": self.base[0]}, mine.get("provider", {}))["provider"]
            self.resources, self.data = laid_over(self.base[1], mine.get("resource", {})), laid_over(self.base[2], mine.get("data", {}))

    def GetMetadata(self, _request: Any, context: Any) -> None:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "metadata comes with the schema")

    def GetProviderSchema(self, _request: Any, _context: Any) -> Any:
        self.reload()
        if self.schema is None:
            self.schema = pb.GetProviderSchema.Response(
                provider=_schema(self.provider),
                provider_meta=_schema({"block": {"attributes": {"user_agent": {"type": ["list", "string"], "optional": True}}}}),
                resource_schemas={name: _schema(told) for name, told in self.resources.items()},
                data_source_schemas={name: _schema(told) for name, told in self.data.items()},
                server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=False),
            )
        return self.schema

    def ValidateProviderConfig(self, _request: Any, _context: Any) -> Any:
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, _request: Any, _context: Any) -> Any:
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, _request: Any, _context: Any) -> Any:
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:
        region = (_unpacked(request.config) or {}).get("region")
        if isinstance(region, str):
            self.regions[context.peer()] = region
        return pb.ConfigureProvider.Response()

    def UpgradeResourceState(self, request: Any, _context: Any) -> Any:
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=request.raw_state.json))

    def ReadResource(self, request: Any, _context: Any) -> Any:
        return pb.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request: Any, _context: Any) -> Any:
        value = _unpacked(request.proposed_new_state)
        if value is not None and _unpacked(request.prior_state) is None:
            value = planned(self.resources[request.type_name]["block"], value)
        return pb.PlanResourceChange.Response(planned_state=_packed(value), legacy_type_system=True)

    def ApplyResourceChange(self, request: Any, _context: Any) -> Any:
        value = applied(
            self.resources[request.type_name]["block"], _unpacked(request.planned_state), f"{request.type_name}-{next(self.made)}"
        )
        return pb.ApplyResourceChange.Response(new_state=_packed(value), legacy_type_system=True)

    def ReadDataSource(self, request: Any, context: Any) -> Any:
        block = self.data[request.type_name]["block"]
        region = self.regions.get(context.peer(), "us-east-1")
        return pb.ReadDataSource.Response(state=_packed(read(request.type_name, block, _unpacked(request.config), region)))

    def GetFunctions(self, _request: Any, _context: Any) -> Any:
        return pb.GetFunctions.Response()

    def StopProvider(self, _request: Any, _context: Any) -> Any:
        return pb.StopProvider.Response()


class Controller(controller_rpc.GRPCControllerServicer):
    def Shutdown(self, _request: Any, _context: Any) -> Any:
        return controller.Empty()


class Stdio(stdio_rpc.GRPCStdioServicer):
    def StreamStdio(self, _request: Any, _context: Any) -> Any:
        return iter([])


def serve(directory: Path) -> None:
    """Serve every provider on a port of its own until killed."""
    reattach, servers = {}, []
    options = [("grpc.max_send_message_length", MESSAGE_BYTES), ("grpc.max_receive_message_length", MESSAGE_BYTES)]
    for name, told in providers().items():
        server = grpc.server(futures.ThreadPoolExecutor(8), options=options)
        rpc.add_ProviderServicer_to_server(Provider(name, told, directory), server)
        controller_rpc.add_GRPCControllerServicer_to_server(Controller(), server)
        stdio_rpc.add_GRPCStdioServicer_to_server(Stdio(), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        reattach[name] = {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
        }
    ready = directory / "reattach.partial"
    ready.write_text(json.dumps(reattach))
    ready.rename(directory / "reattach.json")
    threading.Event().wait()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
