//! The shapes of clients' files (clients.md 1.1 to 1.4). In them: `⟦` is the place of the
//! value, `«q»` the quotes around it, `«s»` blanks, `«r»` what may end a line; a line that is
//! `«c»` gives remarks, `«f»` other entries, `«b»` empty lines. A tab is one indentation.
// tidy: table, because it is one

use keywright_clients::Format;

/// One client's file.
pub(crate) struct Shape {
    pub(crate) client: &'static str,
    pub(crate) format: Format,
    pub(crate) text: &'static str,
    /// Where the value stands, and the text around the key `{k}`.
    pub(crate) path: &'static str,
    pub(crate) value: &'static str,
    /// Where another one is to go, with what a new table gets beside it.
    pub(crate) fresh: &'static str,
    pub(crate) beside: &'static [(&'static str, &'static str)],
}

const BEARER: &str = "Bearer {k}";

pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        client: "claude-code",
        format: Format::Json,
        text: r#"
{
	"numStartups":«s»42,
	«f»
	"projects": {
		"/home/ada/work": {
			"mcpServers": {},
			"history": [{ "display": "fix \"it\"", "pastedContents": {} }]
		}
	},
	"mcpServers":«s»{
		"github":«s»{
			«f»
			"type": "http",
			"url":«s»"https://mcp.example/v1",«r»
			"headers":«s»{ "Authorization":«s»"⟦" }
		},
		"files": {"command": "npx", "args": ["-y", "files"], "env": {}}
	},
	"big": 12345678901234567890123
}
"#,
        path: "mcpServers.github.headers.Authorization",
        value: BEARER,
        fresh: "mcpServers.linear.headers.Authorization",
        beside: &[
            ("mcpServers.linear.type", "http"),
            ("mcpServers.linear.url", "https://l.example"),
        ],
    },
    Shape {
        client: "cursor",
        format: Format::Json,
        text: r#"
{
	"mcpServers": {
		"search":«s»{
			"command": "npx",
			"args": [
				"-y", "search"
			],
			"env":«s»{
				"SEARCH_LEVEL": "2",
				"SEARCH_API_KEY":«s»"⟦"
			}
		}
	}
}
"#,
        path: "mcpServers.search.env.SEARCH_API_KEY",
        value: "{k}",
        fresh: "mcpServers.search.env.SEARCH_TOKEN",
        beside: &[],
    },
    Shape {
        client: "windsurf",
        format: Format::Json,
        text: r#"
{"mcpServers":«s»{
	"remote": {«s»"serverUrl":«s»"https://mcp.example/mcp", "headers": {"Authorization":«s»"⟦"},
		"disabled": false}
}}
"#,
        path: "mcpServers.remote.headers.Authorization",
        value: BEARER,
        fresh: "mcpServers.other.headers.Authorization",
        beside: &[("mcpServers.other.serverUrl", "https://o.example")],
    },
    Shape {
        client: "docker",
        format: Format::Json,
        text: r#"
{
	"auths":«s»{
		"registry.example":«s»{
			"auth":«s»"⟦"«r»
		}
	},
	«f»
	"currentContext": "default"
}
"#,
        path: "auths.\"registry.example\".auth",
        value: "{k}",
        fresh: "auths.\"other.example\".auth",
        beside: &[],
    },
    Shape {
        client: "gemini",
        format: Format::Jsonc,
        text: r#"
{
	«c»
	"theme": "Atom One",«r»
	«f»
	"mcpServers":«s»{
		«c»
		"remote":«s»{
			"httpUrl":«s»"https://mcp.example/mcp", «r»
			"headers": {
				"X-Team": "a",«r»
				"Authorization":«s»"⟦"«r»
			},
			"timeout": 5000
		}
	}
	«c»
}
"#,
        path: "mcpServers.remote.headers.Authorization",
        value: BEARER,
        fresh: "mcpServers.new.headers.Authorization",
        beside: &[("mcpServers.new.httpUrl", "https://n.example")],
    },
    Shape {
        client: "vscode",
        format: Format::Jsonc,
        text: r#"
«c»
{
	"inputs": [
		{ "type": "promptString", "id": "token", "password": true }, «r»
	],
	"servers": {
		"api":«s»{
			"type": "http",
			"url": "https://api.example/mcp", «r»
			"headers": { "Authorization":«s»"⟦", },
		},
		"local": { "type": "stdio", "command": "x", "env": { "K": "${input:token}" } }, «r»
	},
}
«c»
"#,
        path: "servers.api.headers.Authorization",
        value: BEARER,
        fresh: "servers.next.headers.Authorization",
        beside: &[("servers.next.type", "http"), ("servers.next.url", "https://n.example")],
    },
    Shape {
        client: "zed",
        format: Format::Jsonc,
        text: r#"
// Zed settings
{
	«c»
	"buffer_font_size": 15,«r»
	"context_servers":«s»{
		"docs": {
			"source": "custom", «r»
			"command": "docs-mcp",
			"env":«s»{
				«c»
				"DOCS_TOKEN":«s»"⟦"
			}
		}
	},
	«f»
	"vim_mode": false
}
"#,
        path: "context_servers.docs.env.DOCS_TOKEN",
        value: "{k}",
        fresh: "context_servers.docs.env.DOCS_URL",
        beside: &[],
    },
    Shape {
        client: "amp",
        format: Format::Jsonc,
        text: r#"
{
	"amp.url": "https://amp.example/",
	«f»
	"amp.mcpServers":«s»{
		"one": { "url": "https://one.example", "headers": { "Authorization":«s»"⟦" } } «r»
	}
}
"#,
        path: "\"amp.mcpServers\".one.headers.Authorization",
        value: BEARER,
        fresh: "\"amp.mcpServers\".two.headers.Authorization",
        beside: &[("\"amp.mcpServers\".two.url", "https://two.example")],
    },
    Shape {
        client: "opencode",
        format: Format::Jsonc,
        text: r#"
{
	"$schema": "https://opencode.example/config.json",
	"provider": {
		"local": { "options": { "apiKey":«s»"⟦", "baseURL": "http://localhost:1/v1", }, },«r»
	},
	«c»
	"mcp": { "a": { "type": "local", "command": ["a", "b"], "environment": {} } },
}
"#,
        path: "provider.local.options.apiKey",
        value: "{k}",
        fresh: "mcp.b.headers.Authorization",
        beside: &[("mcp.b.type", "remote"), ("mcp.b.url", "https://b.example")],
    },
    Shape {
        client: "codex-header",
        format: Format::Toml,
        text: r#"
«c»
model«s»=«s»"gpt-5"«r»
«f»

[mcp_servers.docs]
command = "docs"
args = ["--a", '''b''']
«f»

«c»
[mcp_servers.github]
url = "https://mcp.example/v1"«r»
«f»

[mcp_servers.github.http_headers]
«c»
Authorization«s»=«s»«q»⟦«q»«r»
«b»
[profiles.fast]
model = "o"
"#,
        path: "mcp_servers.github.http_headers.Authorization",
        value: BEARER,
        fresh: "mcp_servers.linear.http_headers.Authorization",
        beside: &[("mcp_servers.linear.url", "https://l.example")],
    },
    Shape {
        client: "codex-inline",
        format: Format::Toml,
        text: r#"
[mcp_servers.github]
«c»
url«s»=«s»"https://mcp.example/v1"
http_headers = {«s»X-Team«s»=«s»"a",«s»Authorization«s»=«s»«q»⟦«q»«s»}«r»
«f»
"#,
        path: "mcp_servers.github.http_headers.Authorization",
        value: BEARER,
        fresh: "mcp_servers.github.http_headers.X-Key",
        beside: &[],
    },
    Shape {
        client: "codex-provider",
        format: Format::Toml,
        text: r#"
model_provider = "mine"
[model_providers.mine]
name = "Mine"
base_url = "https://api.example/v1"
	experimental_bearer_token«s»=«s»«q»⟦«q»«r»
«f»
[[rules]]
a = 1
[[rules]]
a = 2
"#,
        path: "model_providers.mine.experimental_bearer_token",
        value: "{k}",
        fresh: "model_providers.mine.env_key",
        beside: &[],
    },
    Shape {
        client: "goose",
        format: Format::Yaml,
        text: r#"
«c»
GOOSE_PROVIDER: openai«r»
«f»
extensions:
	developer:
		enabled: true
		type: builtin
	remote:
		«c»
		type: streamable_http
		uri: "https://mcp.example"«r»
		headers:
			Authorization: «q»⟦«q»«r»
		timeout: 300
«f»
"#,
        path: "extensions.remote.headers.Authorization",
        value: BEARER,
        fresh: "extensions.other.headers.Authorization",
        beside: &[
            ("extensions.other.type", "streamable_http"),
            ("extensions.other.uri", "https://o.example"),
        ],
    },
    Shape {
        client: "continue",
        format: Format::Yaml,
        text: r"
name: mine
version: 1.0.0
models:
	- name: main
	  provider: openai
	  «c»
	  apiKey: «q»⟦«q»«r»
	  roles: [chat, 'edit']
	- name: second
	  provider: other
mcpServers:
	- name: docs
	  command: docs
",
        path: "models[0].apiKey",
        value: "{k}",
        fresh: "models[1].apiKey",
        beside: &[],
    },
    Shape {
        client: "aider",
        format: Format::Yaml,
        text: r"
---
«c»
model: sonnet «r»
openai-api-key: «q»⟦«q»«r»
«f»
read: [CONVENTIONS.md]
",
        path: "openai-api-key",
        value: "{k}",
        fresh: "anthropic-api-key",
        beside: &[],
    },
    Shape {
        client: "dotenv",
        format: Format::Dotenv,
        text: r#"
«c»
PORT=8080«r»
«f»
OPENAI_API_KEY=«q»⟦«q»«r»
«b»
«c»
«f»
DATABASE_URL="postgres://a:b@localhost/x?c=d"
"#,
        path: "OPENAI_API_KEY",
        value: "{k}",
        fresh: "ANTHROPIC_API_KEY",
        beside: &[],
    },
    Shape {
        client: "dotenv-exported",
        format: Format::Dotenv,
        text: r"
PEM='-----BEGIN
A=not a variable
-----END'
«c»
export HOST=localhost«r»
	export GITHUB_TOKEN«s»=«s»«q»⟦«q»«r»
«f»
EMPTY=
",
        path: "GITHUB_TOKEN",
        value: "{k}",
        fresh: "NEW_TOKEN",
        beside: &[],
    },
    Shape {
        client: "dotenv-last",
        format: Format::Dotenv,
        text: r"
«f»
«c»
MODE=dev # one of dev, prod
«b»
KEY=«q»⟦«q»
",
        path: "KEY",
        value: "{k}",
        fresh: "KEY_2",
        beside: &[],
    },
    Shape {
        client: "bashrc",
        format: Format::Shell,
        text: r#"
# ~/.bashrc
case $- in
	*i*) ;;
	*) return;;
esac
«c»
«f»
if [ -x /usr/bin/dircolors ]; then
	test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"
fi
mkcd() {
	mkdir -p "$1" && cd "$1"
}
export OPENAI_API_KEY=«q»⟦«q»«r»
«f»
«b»
"#,
        path: "OPENAI_API_KEY",
        value: "{k}",
        fresh: "ANTHROPIC_API_KEY",
        beside: &[],
    },
    Shape {
        client: "zshrc",
        format: Format::Shell,
        text: r#"
export ZSH="$HOME/.oh-my-zsh"
plugins=(git docker) «r»
source $ZSH/oh-my-zsh.sh
«c»
«f»
cat > ~/.note <<'EOF'
export OPENAI_API_KEY=inner
EOF

# >>> keywright >>>
export OPENAI_API_KEY=«q»⟦«q»«r»
# <<< keywright <<<
«f»
[[ -n "$SSH" && $TERM == xterm* ]] || true
"#,
        path: "OPENAI_API_KEY",
        value: "{k}",
        fresh: "ANTHROPIC_API_KEY",
        beside: &[],
    },
    Shape {
        client: "profile",
        format: Format::Shell,
        text: r#"
«c»
for d in ~/bin ~/.local/bin; do
	[ -d "$d" ] && PATH="$d:$PATH"
done
«f»
OPENAI_API_KEY=«q»⟦«q»«r»
export OPENAI_API_KEY LANG=C.UTF-8
"#,
        path: "OPENAI_API_KEY",
        value: "{k}",
        fresh: "NEW_KEY",
        beside: &[],
    },
    Shape {
        client: "fish",
        format: Format::Fish,
        text: r#"
if status is-interactive
	«c»
	set -g fish_greeting ''
else if test -n "$SSH"
	echo "a (b" > /dev/null 2>&1
end
«c»
«f»
set -gx OPENAI_API_KEY «q»⟦«q»«r»
function mkcd
	mkdir -p $argv[1]; and cd $argv[1]
end
«f»
"#,
        path: "OPENAI_API_KEY",
        value: "{k}",
        fresh: "ANTHROPIC_API_KEY",
        beside: &[],
    },
    Shape {
        client: "fish-block",
        format: Format::Fish,
        text: r"
«f»
set -Ux EDITOR vi
# >>> keywright >>>
set -gx A 'it\'s \\'
set --export --global GH_TOKEN «q»⟦«q»«r»
# <<< keywright <<<
",
        path: "GH_TOKEN",
        value: "{k}",
        fresh: "NEW_KEY",
        beside: &[],
    },
    Shape {
        client: "aws",
        format: Format::Ini,
        text: r"
«c»
[default]
aws_access_key_id«s»=«s»AKIAEXAMPLE0000001
aws_secret_access_key«s»=«s»⟦«r»
«b»
«c»
[profile work]
aws_access_key_id = AKIAEXAMPLE0000002
«f»
region=eu-central-1
s3 =
	max_concurrent_requests = 20
",
        path: "default.aws_secret_access_key",
        value: "{k}",
        fresh: "default.aws_session_token",
        beside: &[],
    },
    Shape {
        client: "aws-new-profile",
        format: Format::Ini,
        text: r"
[default]
«f»
aws_access_key_id=AKIAEXAMPLE0000001
aws_secret_access_key=«q»⟦«q»«r»
«c»
",
        path: "default.aws_secret_access_key",
        value: "{k}",
        fresh: "ci.aws_secret_access_key",
        beside: &[("ci.aws_access_key_id", "AKIAEXAMPLE0000003")],
    },
    Shape {
        client: "pypirc",
        format: Format::Ini,
        text: r"
[distutils]
index-servers«s»=
	pypi
	internal
«b»
[pypi]
«c»
username: __token__
password:«s»⟦«r»
«b»
[internal] «r»
repository = https://pypi.example/legacy/
«f»
",
        path: "pypi.password",
        value: "pypi-{k}",
        fresh: "internal.password",
        beside: &[],
    },
    Shape {
        client: "npmrc",
        format: Format::Npmrc,
        text: r"
«c»
registry=https://registry.example/«r»
«f»
//registry.example/:_authToken«s»=«s»«q»⟦«q»«r»
«b»
//other.example/:_authToken=${OTHER_TOKEN}
«c»
fund=false
",
        path: "\"//registry.example/:_authToken\"",
        value: "{k}",
        fresh: "\"//third.example/:_authToken\"",
        beside: &[],
    },
    Shape {
        client: "npmrc-auth",
        format: Format::Npmrc,
        text: r"
@team:registry = https://npm.example/
//npm.example/:_auth = ⟦«r»
«c»
//npm.example/:email = ada@example.test
",
        path: "\"//npm.example/:_auth\"",
        value: "{k}==",
        fresh: "\"//npm.example/:_authToken\"",
        beside: &[],
    },
    Shape {
        client: "netrc",
        format: Format::Netrc,
        text: r"
«c»
«f»
machine api.example
	login ada
	password «q»⟦«q»«r»
«b»
macdef init
	cd /pub
	machine not.example login a password b

«f»
default login anonymous password x
",
        path: "\"api.example\".password",
        value: "{k}",
        fresh: "\"new.example\".password",
        beside: &[("\"new.example\".login", "ada")],
    },
    Shape {
        client: "netrc-one-line",
        format: Format::Netrc,
        text: r"
machine git.example login ada password «q»⟦«q»«r»
«c»
machine other.example
	login x account y
",
        path: "\"git.example\".password",
        value: "{k}",
        fresh: "\"other.example\".password",
        beside: &[],
    },
    Shape {
        client: "systemd",
        format: Format::Systemd,
        text: r#"
«c»
PORT=8080«r»
«f»
API_KEY=«q»⟦«q»«r»
«b»
OPTIONS="--a \"b\" --c" \
	--d
"#,
        path: "API_KEY",
        value: "{k}",
        fresh: "API_SECRET",
        beside: &[],
    },
    Shape {
        client: "systemd-default",
        format: Format::Systemd,
        text: r#"
; /etc/default/worker
«c»
	TOKEN«s»=«s»«q»⟦«q»
«f»
export IGNORED=by systemd
A='x' "y"
"#,
        path: "TOKEN",
        value: "{k}",
        fresh: "NEW_TOKEN",
        beside: &[],
    },
];
