"""The commands and options that a user may type, and what each is called in the code.

Only typer is imported with this module; everything that thinks is imported by the command that needs it.
"""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from clops_app import __version__

app = typer.Typer(
    name="clops",
    help="Reviews Terraform for AWS before it is merged: will it hold, what does it cost, what breaks first.",
    epilog="Exit codes: 0 fine, 1 the gate failed, 2 wrong usage or settings, 3 a root could not be evaluated at all.",
    add_completion=False,
    no_args_is_help=True,
    # Help without rich: plain text starts twice as fast and can be piped.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Path = Annotated[str, typer.Argument(metavar="PATH", help="The directory with the Terraform code.", show_default=False)]
Variables = Annotated[list[str] | None, typer.Option("--var", metavar="NAME=VALUE", help="Value of a variable; may be repeated.")]
VarFiles = Annotated[list[str] | None, typer.Option("--var-file", metavar="FILE", help="File with values of variables; may be repeated.")]
Usage = Annotated[str | None, typer.Option("--usage", metavar="FILE", help="Usage that prices depend on: ClOps's or Infracost's format.")]
Settings = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Settings to use in the place of .clops.yml.")]
PlanFile = Annotated[
    str | None,
    typer.Option("--plan", metavar="FILE", help="What Terraform plans for this one root, as `terraform show -json` prints a plan."),
]
DownloadModules = Annotated[
    bool,
    typer.Option(
        "--download-modules",
        help="Have terraform or tofu fetch the modules that are not here, from registry.terraform.io and github.com alone.",
    ),
]
ModuleHosts = Annotated[
    list[str] | None, typer.Option("--module-host", metavar="HOST", help="A further host that modules may come from; may be repeated.")
]
Infracost = Annotated[
    bool, typer.Option("--infracost", help="Set Infracost's amounts beside these, where it is installed and has its key.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but the result and errors.")]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the result to a file.")]
Language = Annotated[Literal["en", "ko"], typer.Option("--language", help="The language to print it in: English or Korean.")]
Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REF|DIR|none",
        help="What to compare with: a git ref, or a directory (when it has a slash, or no ref is called so). "
        "Default: the merge base with the default branch.",
    ),
]


@app.command()
def review(
    path: Path = ".",
    base: Base = None,
    format: Annotated[
        Literal["terminal", "markdown", "json", "sarif"], typer.Option("--format", "-f", help="How to print it.")
    ] = "terminal",
    fail_on: Annotated[
        Literal["critical", "high", "medium", "low"] | None,
        typer.Option("--fail-on", help="Exit with 1 when there is a new finding of this severity or above."),
    ] = None,
    variables: Variables = None,
    var_files: VarFiles = None,
    plan: PlanFile = None,
    usage: Usage = None,
    download_modules: DownloadModules = False,
    module_hosts: ModuleHosts = None,
    config: Settings = None,
    checkov: Annotated[bool, typer.Option("--checkov", help="Show what checkov finds as well, where it is installed.")] = False,
    infracost: Infracost = False,
    no_ai: Annotated[bool, typer.Option("--no-ai", help="Write without a language model, whatever the settings say.")] = False,
    explain_facts: Annotated[
        bool, typer.Option("--explain-facts", help="Print the JSON that a language model would be given, and ask none.")
    ] = False,
    dry_run_prompt: Annotated[
        bool, typer.Option("--dry-run-prompt", help="Print all that a language model would be sent, and ask none.")
    ] = False,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Review a change, or a directory as it stands."""
    from clops_app.entrypoints.commands import print_prompt, print_review
    from clops_app.entrypoints.gather import Asked

    asked = Asked(
        path,
        base,
        config,
        tuple(variables or ()),
        tuple(var_files or ()),
        usage,
        fail_on,
        plan,
        download_modules,
        tuple(module_hosts or ()),
    )
    if explain_facts or dry_run_prompt:
        raise typer.Exit(print_prompt(asked, os.environ, output, quiet, whole=dry_run_prompt))
    raise typer.Exit(print_review(asked, os.environ, format, output, quiet, checkov=checkov, infracost=infracost, ai=not no_ai))


@app.command()
def graph(
    path: Path = ".",
    format: Annotated[Literal["json", "mermaid", "dot"], typer.Option("--format", "-f", help="How to print it.")] = "json",
    variables: Variables = None,
    var_files: VarFiles = None,
    plan: PlanFile = None,
    download_modules: DownloadModules = False,
    module_hosts: ModuleHosts = None,
    config: Settings = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Print what the code creates and what leads where."""
    from clops_app.entrypoints.commands import print_graph
    from clops_app.entrypoints.gather import Asked

    asked = Asked(
        path, "none", config, tuple(variables or ()), tuple(var_files or ()), None, None, plan, download_modules, tuple(module_hosts or ())
    )
    raise typer.Exit(print_graph(asked, os.environ, format, output, quiet))


@app.command()
def cost(
    path: Path = ".",
    base: Base = None,
    format: Annotated[Literal["table", "json"], typer.Option("--format", "-f", help="How to print it.")] = "table",
    variables: Variables = None,
    var_files: VarFiles = None,
    plan: PlanFile = None,
    usage: Usage = None,
    download_modules: DownloadModules = False,
    module_hosts: ModuleHosts = None,
    infracost: Infracost = False,
    config: Settings = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Print what the code costs each month."""
    from clops_app.entrypoints.commands import print_cost
    from clops_app.entrypoints.gather import Asked

    asked = Asked(
        path, base, config, tuple(variables or ()), tuple(var_files or ()), usage, None, plan, download_modules, tuple(module_hosts or ())
    )
    raise typer.Exit(print_cost(asked, os.environ, format, output, quiet, infracost=infracost))


@app.command()
def fix(
    path: Path = ".",
    rule: Annotated[str | None, typer.Option("--rule", metavar="ID", help="Mend the findings of this rule only.")] = None,
    write: Annotated[
        bool, typer.Option("--write/--diff", help="Change the files, or print what would be changed.", show_default="--diff")
    ] = False,
    variables: Variables = None,
    var_files: VarFiles = None,
    plan: PlanFile = None,
    usage: Usage = None,
    config: Settings = None,
    quiet: Quiet = False,
) -> None:
    """Make the changes that mend findings; every one is proven first."""
    from clops_app.entrypoints.commands import make_fixes
    from clops_app.entrypoints.gather import Asked

    asked = Asked(path, "none", config, tuple(variables or ()), tuple(var_files or ()), usage, plan=plan)
    raise typer.Exit(make_fixes(asked, os.environ, rule, write=write, quiet=quiet))


@app.command()
def rules(language: Language = "en") -> None:
    """List the rules."""
    from clops_app.entrypoints.commands import print_rules

    raise typer.Exit(print_rules(language))


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Its name, such as aws/gp2_volume.")], language: Language = "en"
) -> None:
    """Say what a rule finds, why that matters and how to mend it."""
    from clops_app.entrypoints.commands import print_rule

    raise typer.Exit(print_rule(rule, language))


@app.command()
def schema(
    name: Annotated[Literal["config", "review", "cost", "graph"], typer.Argument(metavar="NAME", help="config, review, cost or graph.")],
) -> None:
    """Print the JSON Schema of a document."""
    from clops_app.entrypoints.commands import print_schema

    raise typer.Exit(print_schema(name))


@app.command()
def init(
    path: Path = ".",
    forks: Annotated[bool, typer.Option("--forks", help="Write the workflow that says the reviews of forks, too.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> None:
    """Write settings and a workflow that reviews every pull request."""
    from clops_app.entrypoints.commands import write_first_files

    raise typer.Exit(write_first_files(path, os.environ, forks=forks, force=force))


@app.command()
def serve() -> None:
    """Run the GitHub App: take events, review, answer. All settings are variables that begin with CLOPS_."""
    from clops_app.entrypoints.serving import run

    raise typer.Exit(run("serve", os.environ))


@app.command()
def worker() -> None:
    """Review what another process, `clops serve`, took into the same database."""
    from clops_app.entrypoints.serving import run

    raise typer.Exit(run("worker", os.environ))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"clops {__version__}")


def _version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)] = False,
) -> None:
    pass
