# Plans only, and an apply of an empty cluster: real nodes are exercised by the provisioner's own tests.

variables {
  cluster_id      = "clu_test"
  network_range   = "127.99.0.0/26"
  home            = "/nonexistent/penstock"
  java_home       = "/nonexistent/jdk"
  enrol_url       = "https://127.0.0.1:8443/enrol/v1/nodes"
  enrol_ca_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  enrolment_tokens = {
    broker-0    = "secret-0"
    zookeeper-1 = "secret-1"
  }
  nodes = {
    broker-0 = {
      node_id = 0, role = "broker", zone = "a", memory_mib = 512, volume_gib = 10, image_version = "0.1.0",
      address = "127.99.0.10", incarnation = 1
    }
    zookeeper-1 = {
      node_id = 1, role = "zookeeper", zone = "a", memory_mib = 256, volume_gib = 2, image_version = "0.1.0",
      address = "127.99.0.5", incarnation = 1
    }
  }
}

run "every_node_has_a_volume_of_its_own" {
  command = plan

  assert {
    condition     = length(terraform_data.node) == 2 && length(terraform_data.volume) == 2
    error_message = "Two nodes and two volumes are to be made."
  }

  assert {
    condition     = terraform_data.volume["broker-0"].input.folder == "/nonexistent/penstock/clusters/clu_test/broker-0"
    error_message = "A node's folder is named by cluster and node."
  }

  assert {
    condition     = terraform_data.volume["broker-0"].triggers_replace == null
    error_message = "Nothing replaces a volume."
  }
}

run "only_incarnation_and_image_replace_a_node" {
  command = plan

  assert {
    condition     = toset(keys(terraform_data.node["broker-0"].triggers_replace)) == toset(["incarnation", "image_version"])
    error_message = "A node is replaced by another incarnation or image version only."
  }
}

run "no_token_is_in_what_is_kept" {
  command = plan

  assert {
    condition     = !strcontains(jsonencode(terraform_data.node["broker-0"].triggers_replace), "secret-0")
    error_message = "The token is among the triggers."
  }

  assert {
    condition     = !strcontains(jsonencode(values(terraform_data.volume)[*].input), "secret-0")
    error_message = "The token is in the volume's input."
  }
}

run "an_address_outside_of_the_range_is_refused" {
  command = plan

  variables {
    network_range = "127.99.1.0/26"
  }

  expect_failures = [terraform_data.node]
}

run "a_node_without_a_token_is_refused" {
  command = plan

  variables {
    enrolment_tokens = { broker-0 = "secret-0" }
  }

  expect_failures = [terraform_data.node]
}

run "an_unknown_role_is_refused" {
  command = plan

  variables {
    nodes = {
      broker-0 = {
        node_id = 0, role = "controller", zone = "a", memory_mib = 512, volume_gib = 10, image_version = "0.1.0",
        address = "127.99.0.10", incarnation = 1
      }
    }
  }

  expect_failures = [var.nodes]
}

run "two_nodes_cannot_share_an_address" {
  command = plan

  variables {
    nodes = {
      broker-0 = {
        node_id = 0, role = "broker", zone = "a", memory_mib = 512, volume_gib = 10, image_version = "0.1.0",
        address = "127.99.0.10", incarnation = 1
      }
      zookeeper-1 = {
        node_id = 1, role = "zookeeper", zone = "a", memory_mib = 256, volume_gib = 2, image_version = "0.1.0",
        address = "127.99.0.10", incarnation = 1
      }
    }
  }

  expect_failures = [var.nodes]
}

run "a_cluster_without_nodes_needs_nothing_more" {
  command = apply

  variables {
    nodes            = {}
    enrolment_tokens = {}
    network_range    = null
    java_home        = null
    enrol_url        = null
    enrol_ca_sha256  = null
  }

  assert {
    condition     = length(output.nodes) == 0
    error_message = "There is a node that nobody asked for."
  }
}
