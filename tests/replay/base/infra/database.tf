resource "aws_db_instance" "archive" {
  identifier              = "ferryline-archive"
  engine                  = "postgres"
  instance_class          = "db.t4g.small"
  allocated_storage       = 50
  backup_retention_period = 14
  deletion_protection     = true
  skip_final_snapshot     = false
  multi_az                = true
  storage_encrypted       = true
  username                = "archive"
  password                = var.archive_password
}

variable "archive_password" {
  type      = string
  sensitive = true
}
