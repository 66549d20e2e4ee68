"""Whether the internet reaches a resource directly: a public address, a route to it and an open port, all three."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from clops_app.graph.aws.exposure import doubt, guarded_by, is_world, open_ports
from clops_app.graph.aws.following import follow, follow_any, made_elsewhere, mentioning
from clops_app.graph.aws.hosts import hosts
from clops_app.graph.aws.index import Index, kind_of
from clops_app.graph.aws.launch import INSTANCES, launch
from clops_app.graph.aws.placement import placed
from clops_app.graph.aws.routing import subnet_kind
from clops_app.kit import is_false, is_true, number, read, text
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Absent, Known, Unknown, Value, absent

# Default port of each engine (RDS, Aurora, Redshift, DocumentDB and Neptune user guides), used where `port` is not written.
_ENGINE_PORTS = {
    "postgres": 5432, "aurora-postgresql": 5432, "mysql": 3306, "mariadb": 3306, "aurora-mysql": 3306, "aurora": 3306,
    "oracle": 1521, "sqlserver": 1433, "db2": 50000, "redshift": 5439, "docdb": 27017, "neptune": 8182,
}  # fmt: skip
_DATABASES = (
    "aws_db_instance",
    "aws_rds_cluster_instance",
    "aws_redshift_cluster",
    "aws_dms_replication_instance",
    "aws_neptune_cluster_instance",
)
_NEVER = (
    "aws_elasticache_cluster",
    "aws_elasticache_replication_group",
    "aws_memorydb_cluster",
    "aws_docdb_cluster",
    "aws_efs_file_system",
)


def publicly_reachable(index: Index, resource: Resource) -> Value:
    """Known(True) only with a public address, a route and an open port; Known(False) when one of them is surely missing.

    What AWS gives by default counts: an instance without subnet is in the default VPC, whose subnets are public.
    A load balancer that is not internal has public addresses by definition, so an unknown route does not make it
    unknown; a database's `publicly_accessible` does not say as much, so there it does.
    """
    kind = kind_of(resource)
    if kind in (*INSTANCES, "aws_autoscaling_group", "aws_eks_node_group"):
        return all_of(_instance_address(index, resource), _route(index, resource), _open_port(index, resource))
    if kind in ("aws_lb", "aws_elb"):
        return _load_balancer(index, resource)
    if kind in _DATABASES:
        return _database(index, resource)
    if kind == "aws_rds_cluster":
        members = mentioning(index, resource, "aws_rds_cluster_instance")
        return any_of(publicly_reachable(index, member) for member in members)
    if kind == "aws_ecs_service":
        return _service(index, resource)
    if kind == "aws_eks_cluster":
        return _cluster(resource)
    if kind in _NEVER:
        return Known(False)
    return Unknown(tr("it is not known how the internet reaches {type}", type=resource.type))


def all_of(*answers: Value) -> Value:
    """Known(False) when one is, else unknown when one is, else Known(True)."""
    if Known(False) in answers:
        return Known(False)
    return next((answer for answer in answers if isinstance(answer, Unknown)), Known(True))


def any_of(answers: Iterable[Value]) -> Value:
    """Known(True) when one is, else unknown when one is, else Known(False)."""
    listed = tuple(answers)
    if Known(True) in listed:
        return Known(True)
    return next((answer for answer in listed if isinstance(answer, Unknown)), Known(False))


def _instance_address(index: Index, resource: Resource) -> Value:
    """Whether it gets a public address: an elastic one, as launched, or as its subnet says."""
    interfaces = follow(index, resource, "network_interface.network_interface_id", "aws_network_interface")
    mine = {resource.address, *interfaces.addresses}
    for address in (each for owner in (resource, *interfaces.sure) for each in mentioning(index, owner, "aws_eip", "aws_eip_association")):
        named = follow_any(index, address, ("instance", "instance_id", "network_interface", "network_interface_id"))
        if named.addresses & mine:
            return Known(True)
    if interfaces.written:
        return Known(False) if interfaces.unknown is None else interfaces.unknown
    asked, _ = launch(index, resource, "associate_public_ip_address")
    match asked:
        case Known() | Unknown():
            return asked
        case Absent():
            return _of_subnets(index, resource, _gives_addresses)


def _gives_addresses(_: Index, subnet: Resource) -> Value:
    if subnet.mode == "data":
        return made_elsewhere(subnet)
    value = read(subnet, "map_public_ip_on_launch")
    return Known(kind_of(subnet) == "aws_default_subnet") if value == absent else value


def _route(index: Index, resource: Resource) -> Value:
    """Whether a subnet of it leads to the internet."""
    return _of_subnets(index, resource, _is_public)


def _is_public(index: Index, subnet: Resource) -> Value:
    kind = subnet_kind(index, subnet)
    return kind if isinstance(kind, Unknown) else Known(kind == Known("public"))


def _of_subnets(index: Index, resource: Resource, question: Callable[[Index, Resource], Value]) -> Value:
    """The question put to its subnets. With none written it is in the default VPC, where the answer is yes."""
    followed = placed(index, resource)
    if not followed.sure and followed.unknown is None:
        return Known(True)
    unknown: tuple[Value, ...] = () if followed.unknown is None else (followed.unknown,)
    return any_of((*(question(index, subnet) for subnet in followed.sure), *unknown))


def _open_port(index: Index, resource: Resource, port: int | None = None) -> Value:
    """Whether a group before it lets the whole internet in, at this port or at any."""
    followed = guarded_by(index, resource)
    opened = (each for group in followed.sure for each in open_ports(index, group) if each.protocol in ("tcp", "udp", "-1"))
    if any(port is None or each.covers(port) for each in opened):
        return Known(True)
    doubts = (followed.unknown, *(doubt(index, group) for group in followed.sure))
    return next((why for why in doubts if why is not None), Known(False))


def _load_balancer(index: Index, balancer: Resource) -> Value:
    internal = read(balancer, "internal")
    kind = text(read(balancer, "load_balancer_type"), "application")
    if is_true(internal) or kind == "gateway":
        return Known(False)
    # A network load balancer without security groups lets everything in (Elastic Load Balancing guide).
    unguarded = kind == "network" and not guarded_by(index, balancer).written
    routed = Known(False) if _route(index, balancer) == Known(False) else Known(True)
    scheme = internal if isinstance(internal, Unknown) else Known(True)
    return all_of(scheme, routed, Known(True) if unguarded else _open_port(index, balancer))


def _database(index: Index, database: Resource) -> Value:
    accessible = read(database, "publicly_accessible")
    if accessible == absent and kind_of(database) == "aws_redshift_cluster":
        accessible = Unknown(tr("the default of publicly_accessible differs between provider versions"))
    if is_false(accessible, default=False):
        return Known(False)
    return all_of(accessible, _route(index, database), _open_port(index, database, _port(index, database)))


def _port(index: Index, database: Resource) -> int | None:
    """The port it listens on; None where that cannot be told, then any open port is taken for it."""
    clusters = follow_any(index, database, ("cluster_identifier",), "aws_rds_cluster", "aws_neptune_cluster").sure
    for owner in (database, *clusters):
        written = number(read(owner, "port"))
        if written is not None:
            return int(written)
    engine = text(read(database, "engine"), "redshift" if database.type == "aws_redshift_cluster" else "")
    return next((port for name, port in _ENGINE_PORTS.items() if engine == name or engine.startswith(f"{name}-")), None)


def _service(index: Index, service: Resource) -> Value:
    if service.values.get("network_configuration") is None:
        running = hosts(index, service)
        unknown: tuple[Value, ...] = () if running.unknown is None else (running.unknown,)
        return any_of((*(publicly_reachable(index, host) for host in running.sure), *unknown))
    address = read(service, "network_configuration[0].assign_public_ip")
    return all_of(
        Known(False) if is_false(address, default=False) else address,
        _route(index, service),
        _open_port(index, service),
    )


def _cluster(cluster: Resource) -> Value:
    """Whether its API answers the internet: it does where nothing is written (EKS user guide, cluster endpoint access)."""
    public = read(cluster, "vpc_config[0].endpoint_public_access")
    allowed = read(cluster, "vpc_config[0].public_access_cidrs")
    match allowed:
        case Known(tuple() as cidrs):
            from_world: Value = Known(any(isinstance(cidr, str) and is_world(cidr) for cidr in cidrs))
        case Unknown():
            from_world = allowed
        case _:
            from_world = Known(True)
    return all_of(Known(True) if public == absent else public, from_world)
