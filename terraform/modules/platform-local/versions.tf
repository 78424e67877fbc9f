# Only the built-in provider: nothing is downloaded, so a cluster also comes up without a network.
terraform {
  required_version = ">= 1.9"
}
