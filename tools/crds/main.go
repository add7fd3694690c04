// Command crds holds the API types of the custom resources that Plinth's manifests use, at pinned versions.
//
// The test cluster has none of the operators that own them, but must refuse what they would refuse. So controller-gen
// makes the CustomResourceDefinitions from the same Go types as the projects' own releases do: types.go names the
// packages. Karpenter changes its definitions after controller-gen, and ships the result inside its package: that is
// what this command writes, into the folder that it is given.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/karpenter/pkg/apis"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: crds <folder>")
		os.Exit(2)
	}
	file := filepath.Join(os.Args[1], "karpenter.sh_nodepools.yaml")
	if err := os.WriteFile(file, apis.NodePoolCRD, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
