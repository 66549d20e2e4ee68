resource "aws_instance" "worker" {
  count = var.workers

  ami           = "ami-0abcdef1234567890"
  instance_type = var.worker_type
  subnet_id     = module.network.private_subnets[0]
}

variable "workers" {
  type = number
}

variable "worker_type" {
  type    = string
  default = "t3.small"
}

resource "aws_kendra_index" "search" {
  name     = "search"
  role_arn = "arn:aws:iam::111122223333:role/search"
}
