output "nodes" {
  description = "The nodes by name: the platform's own id, and the address."
  value = {
    for name, node in terraform_data.node : name => {
      id      = node.id
      address = node.output.address
    }
  }
}
