variable "cluster_id" {
  description = "Names the cluster's folder; every process of its nodes has it on the command line."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,47}$", var.cluster_id))
    error_message = "A cluster id is made of lower-case letters, digits and underscores."
  }
}

variable "network_range" {
  description = "The cluster's own range in CIDR notation. Every node's address lies in it."
  type        = string
  default     = null
}

variable "nodes" {
  description = "The nodes by name. A higher incarnation or another image version replaces a node; its volume stays."
  type = map(object({
    node_id       = number
    role          = string
    zone          = string
    memory_mib    = number
    volume_gib    = number
    image_version = string
    address       = string
    incarnation   = number
  }))

  validation {
    condition     = alltrue([for name in keys(var.nodes) : can(regex("^[a-z][a-z0-9-]{0,61}$", name))])
    error_message = "A node's name is made of lower-case letters, digits and hyphens."
  }

  validation {
    condition     = alltrue([for node in values(var.nodes) : contains(["broker", "zookeeper"], node.role)])
    error_message = "A node's role is broker or zookeeper."
  }

  validation {
    condition     = alltrue([for node in values(var.nodes) : can(regex("^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", node.image_version))])
    error_message = "An image version is made of letters, digits, dots, underscores and hyphens."
  }

  validation {
    condition     = length(distinct([for node in values(var.nodes) : node.address])) == length(var.nodes)
    error_message = "Every node has an address of its own."
  }
}

variable "enrolment_tokens" {
  description = "What each node proves itself with when it enrols, by node name. Changes alone replace nothing."
  type        = map(string)
  sensitive   = true
  default     = {}
}

variable "enrol_url" {
  description = "Where nodes post their certificate requests."
  type        = string
  default     = null
}

variable "enrol_ca_sha256" {
  description = "SHA-256 of the DER of the authority that signed the enrolment port's certificate."
  type        = string
  default     = null
}

variable "home" {
  description = "The installation's state folder; nodes live in clusters/<cluster id>/<node name> below it."
  type        = string

  validation {
    condition     = startswith(var.home, "/")
    error_message = "The state folder is an absolute path."
  }
}

variable "java_home" {
  description = "The JDK that the nodes run on."
  type        = string
  default     = null
}
