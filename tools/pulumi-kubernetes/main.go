// Command pulumi-kubernetes is Pulumi's Kubernetes provider, as the engine starts it.
//
// The project's own program embeds its schema, which a build step generates. The engine asks for the schema only to
// generate SDKs and to run YAML programs, and the provider reads it only to import objects: this one has none.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	none := []byte("{}")
	provider.Serve("kubernetes", version.Version, none, none)
}
