# A node is a process on a loopback address of its own, kept alive by a supervisor. See bin/node-driver for what
# creating and destroying it means, and docs/contracts.md for its folder.

locals {
  cluster_folder = "${var.home}/clusters/${var.cluster_id}"
  driver         = "${abspath(path.module)}/bin/node-driver"
}

# The data of a node. A resource of its own, so that replacing the node never touches it.
resource "terraform_data" "volume" {
  for_each = var.nodes

  input = {
    driver = local.driver
    folder = "${local.cluster_folder}/${each.key}"
  }

  provisioner "local-exec" {
    command     = "\"$DRIVER\" create-volume \"$NODE_FOLDER\""
    environment = { DRIVER = self.input.driver, NODE_FOLDER = self.input.folder }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$DRIVER\" destroy-volume \"$NODE_FOLDER\""
    environment = { DRIVER = self.input.driver, NODE_FOLDER = self.input.folder }
  }
}

resource "terraform_data" "node" {
  for_each = var.nodes

  triggers_replace = {
    incarnation   = each.value.incarnation
    image_version = each.value.image_version
  }

  input = {
    driver  = local.driver
    folder  = terraform_data.volume[each.key].output.folder
    address = each.value.address
  }

  provisioner "local-exec" {
    command = "\"$DRIVER\" create \"$NODE_FOLDER\""
    # The user-data goes by the environment, which Terraform neither prints nor keeps in the state. It is not marked as
    # sensitive, because then the driver's messages would be hidden as well.
    environment = {
      DRIVER             = self.input.driver
      NODE_FOLDER        = self.input.folder
      PENSTOCK_JAVA_HOME = var.java_home
      PENSTOCK_USER_DATA = jsonencode({
        cluster_id      = var.cluster_id
        node_name       = each.key
        node_id         = each.value.node_id
        role            = each.value.role
        zone            = each.value.zone
        incarnation     = each.value.incarnation
        address         = each.value.address
        image_version   = each.value.image_version
        memory_mib      = each.value.memory_mib
        desired         = "running"
        enrol_url       = var.enrol_url
        enrol_ca_sha256 = var.enrol_ca_sha256
        token           = nonsensitive(var.enrolment_tokens[each.key])
      })
    }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = "\"$DRIVER\" destroy \"$NODE_FOLDER\""
    environment = { DRIVER = self.input.driver, NODE_FOLDER = self.input.folder }
  }

  lifecycle {
    precondition {
      condition     = var.enrol_url != null && var.enrol_ca_sha256 != null && var.java_home != null && var.network_range != null
      error_message = "Nodes need network_range, enrol_url, enrol_ca_sha256 and java_home."
    }

    precondition {
      condition     = contains(nonsensitive(keys(var.enrolment_tokens)), each.key)
      error_message = "There is no enrolment token for ${each.key}."
    }

    precondition {
      condition = var.network_range == null || try(
        cidrhost("${each.value.address}/${split("/", var.network_range)[1]}", 0) == cidrhost(var.network_range, 0), false
      )
      error_message = "The address ${each.value.address} of ${each.key} is not in ${coalesce(var.network_range, "any range")}."
    }
  }
}
