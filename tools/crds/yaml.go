//go:build tools

package main

// Projects whose definitions stand as YAML in their modules and can't be made from their Go types, or are changed once
// they are made: Argo Rollouts puts the labels of its pods back in, without which the server drops them. Named here so
// that go.mod keeps them; ../build.mjs copies the files.
import (
	_ "github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	_ "github.com/nats-io/nack/pkg/jetstream/apis/jetstream/v1beta2"
	_ "k8s.io/autoscaler/vertical-pod-autoscaler/pkg/apis/autoscaling.k8s.io/v1"
)
