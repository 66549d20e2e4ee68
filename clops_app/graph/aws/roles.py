"""What lone compute is there for is a guess with evidence, made only where the evidence agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from clops_app.graph.aws.egress import is_way_out
from clops_app.graph.aws.exposure import guarded_by, open_ports
from clops_app.graph.aws.following import follow, mentioning
from clops_app.graph.aws.index import Index, answered_once, kind_of
from clops_app.graph.aws.launch import launch
from clops_app.graph.aws.serving import load_balanced
from clops_app.kit import OpenPort, Role, blocks, read, text
from clops_app.model.resource import Resource
from clops_app.model.values import Known, Unknown, Value

_APPLICATIONS = frozenset(
    {"web", "webapp", "webserver", "app", "apps", "application", "api", "backend", "frontend", "www", "site", "website", "worker"}
    | {"workers", "service", "portal", "shop", "blog", "wordpress", "rails", "django", "laravel", "flask", "nodejs", "php", "tomcat"}
    | {"nginx", "apache", "httpd", "haproxy", "strapi", "drupal", "magento", "moodle", "mastodon", "nextcloud", "odoo", "graphql"}
)
_STORES = frozenset(
    {"db", "database", "mysql", "mariadb", "postgres", "postgresql", "mongo", "mongodb", "redis", "memcached", "elasticsearch"}
    | {"kafka", "rabbitmq", "cassandra", "couchbase"}
)
# Words in a resource's name, its module's name or its Name and Role tags, each a whole word.
_WORDS: dict[Role, frozenset[str]] = {
    "bastion": frozenset({"bastion", "bastions", "jump", "jumpbox", "jumphost", "jumpserver"}),
    "nat": frozenset({"nat", "fcknat"}),
    "image_builder": frozenset({"packer", "imagebuilder", "amibuilder", "goldenimage"}),
    "bot": frozenset(
        {"bot", "bots", "discordbot", "telegrambot", "slackbot", "crawler", "scraper", "scheduler", "cron", "cronjob", "cronjobs"}
    ),
    "game_server": frozenset(
        {"game", "gameserver", "gameservers", "minecraft", "valheim", "factorio", "terraria", "palworld", "csgo", "cs2", "satisfactory"}
    ),
    "tool": frozenset(
        {"ansible", "artifactory", "gitlab", "grafana", "jenkins", "nagios", "openvpn", "prometheus", "pritunl"}
        | {"sonarqube", "tailscale", "teamcity", "vpn", "wireguard", "zabbix"}
    ),
    "serving": _APPLICATIONS | _STORES,
}
_DIGITS = "0123456789"
_TELLING = ("Name", "Role", "role")
# Machines of the team, unless they are called an application as well: a "mysql-client" is no database.
_ASIDE = frozenset({"client", "clients", "ci", "build", "builder", "monitor", "monitoring", "runner", "runners", "tunnel"})
# Says that it serves, but not what.
_SERVERS = frozenset({"server", "servers"})
_PAIRS: dict[tuple[str, str], Role] = {
    ("jump", "box"): "bastion", ("jump", "host"): "bastion", ("jump", "server"): "bastion", ("fck", "nat"): "nat",
    ("image", "builder"): "image_builder", ("ami", "builder"): "image_builder", ("golden", "image"): "image_builder",
    ("game", "server"): "game_server", ("docker", "host"): "serving",
}  # fmt: skip
# Ports that people browse or that frameworks listen on while they do; IANA's http, https, http-alt, and common development defaults.
_WEB_PORTS = (80, 443, 3000, 5000, 8000, 8080, 8443)
# Ports by which admins enter; opening them says nothing of users.
_ADMIN_PORTS = (22, 3389)
# Default ports of dedicated servers (each game's own server documentation): Minecraft Java and Bedrock, Source engine, Unreal,
# Factorio, Valheim, Terraria, Rust, Palworld.
_GAME_PORTS = (25565, 19132, 27015, 7777, 34197, 2456, 28015, 8211)
# What user data of a server of users' requests installs or starts.
_SERVES = re.compile(
    r"\b(nginx|apache2|httpd|caddy|gunicorn|uvicorn|pm2|tomcat|haproxy|docker run|docker-compose|docker compose|php-fpm"
    r"|npm start|npm run start|yarn start|java -jar|http\.server|mysql-server|mariadb-server|postgresql-server|mongod|redis-server)\b"
)
_TELLS_BOT = re.compile(r"\b(DISCORD|TELEGRAM|SLACK)(_BOT)?_TOKEN\b")


@answered_once
def role(index: Index, resource: Resource) -> Role:
    """What an instance or group is there for.

    Nat: a route leads to it, or it is named so and forwards what is not its own. Image builder: an image is made of
    it, or it is named so. Tool: it is named like one that a team runs for itself. Bastion, bot, game server: it is
    named so (a game server may also be known by its ports, a bot by the token in its user data) and serves no web port
    and no load balancer. Serving: it does, or installs a server, or is named like one.
    """
    listed = tuple(_words(resource))
    words = frozenset(_spoken(listed))
    named = _named(words, listed)
    ports = _world_ports(index, resource)
    web = load_balanced(index, resource) == Known(True) or any(_is_one_of(port, _WEB_PORTS) for port in ports)
    if is_way_out(index, resource) or ("nat" in named and _forwards(index, resource)):
        return "nat"
    if mentioning(index, resource, "aws_ami_from_instance") or "image_builder" in named:
        return "image_builder"
    if "tool" in named:
        return "tool"
    user_data = _known_text(launch(index, resource, "user_data")[0])
    if web:
        return "serving"
    guesses: tuple[Role, ...] = ("bastion", "bot", "game_server")
    for guess in guesses:
        if guess in named and not (guess == "game_server" and words & _WORDS["serving"]):
            return guess
    if any(_is_one_of(port, _GAME_PORTS) for port in ports):
        return "game_server"
    if _TELLS_BOT.search(user_data):
        return "bot"
    if words & _ASIDE and not words & _APPLICATIONS:
        return "tool"
    return "serving" if _SERVES.search(user_data) or words & _SERVERS or "serving" in named else "unclear"


def _forwards(index: Index, resource: Resource) -> bool:
    """Whether it takes traffic that is not its own. What a group launches is told so by its user data, which nobody reads here."""
    if kind_of(resource) == "aws_autoscaling_group":
        return load_balanced(index, resource) != Known(True)
    interfaces = follow(index, resource, "network_interface.network_interface_id", "aws_network_interface").sure
    return any(read(each, "source_dest_check") == Known(False) for each in (resource, *interfaces))


def _known_text(value: Value) -> str:
    """A text as far as it is known."""
    return value.prefix if isinstance(value, Unknown) else text(value)


def _named(words: frozenset[str], listed: tuple[str, ...]) -> frozenset[Role]:
    """What its name says it is there for: by one word, or by two that stand side by side."""
    pairs = pairwise(word.rstrip(_DIGITS) for word in listed)
    by_word = (guess for guess, telling in _WORDS.items() if words & telling)
    return frozenset((*by_word, *(_PAIRS[pair] for pair in pairs if pair in _PAIRS)))


def _spoken(listed: tuple[str, ...]) -> Iterator[str]:
    """Its words as they are, without their numbers, and without "server": web1, websrv and webserver are all a web."""
    for word in listed:
        bare = word.rstrip(_DIGITS)
        yield from (word, bare, re.sub(r"(srv|servers?|tier)$", "", bare))


def _words(resource: Resource) -> Iterator[str]:
    """The words of its names, its innermost module's name and its telling tags, which a group has as blocks."""
    module = re.sub(r"\[[^\]]*\]$", "", resource.module).rpartition(".")[2]
    tags = (text(read(resource, f"tags.{key}")) for key in _TELLING)
    written = (text(read(resource, f"{path}.value")) for path, tag in blocks(resource, "tag") if tag.get("key") in _TELLING)
    for name in (module, resource.name, text(read(resource, "name")), *tags, *written):
        yield from re.findall(r"[a-z]+\d*", re.sub(r"([a-z])([A-Z])", r"\1-\2", name).lower())


def _world_ports(index: Index, resource: Resource) -> tuple[OpenPort, ...]:
    return tuple(port for group in guarded_by(index, resource).sure for port in open_ports(index, group))


def _is_one_of(port: OpenPort, wanted: tuple[int, ...]) -> bool:
    """Whether a rule is about one of these ports, and not just about all of them."""
    whole = port.protocol == "-1" or port.to_port - port.from_port > 1000
    return not whole and any(port.from_port <= each <= port.to_port for each in wanted)
