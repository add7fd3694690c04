// Caddy with the modules that its image has and the proxy of the local tier can use: all of HTTP, no ways to keep
// certificates or logs elsewhere.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func main() { caddycmd.Main() }
