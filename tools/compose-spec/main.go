// Reads Compose files with the specification's own parser, as `docker compose config --quiet` does: schema,
// interpolation from the env files, consistency of what services, networks, volumes and configs refer to.
//
//	compose-config [--env FILE]... [--profile NAME]... FILE...
//
// Prints the project as JSON, every variable put in place. Exit code 1, with the parser's words, where it refuses.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

type list []string

func (all *list) String() string { return fmt.Sprint(*all) }

func (all *list) Set(one string) error {
	*all = append(*all, one)
	return nil
}

func run() error {
	var env, profiles list
	flag.Var(&env, "env", "file of variables")
	flag.Var(&profiles, "profile", "profile that is on")
	flag.Parse()
	options, err := cli.NewProjectOptions(flag.Args(), cli.WithEnvFiles(env...), cli.WithDotEnv, cli.WithProfiles(profiles))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(project)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
