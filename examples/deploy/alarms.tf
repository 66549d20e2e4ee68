# Five alarms that each ask for something to be done; all of them write to one address.

resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

locals {
  behind_balancer = { LoadBalancer = aws_lb.main.arn_suffix, TargetGroup = aws_lb_target_group.web.arn_suffix }
  of_database     = { DBInstanceIdentifier = aws_db_instance.main.identifier }

  alarms = {
    no-healthy-web = {
      says       = "No web task is healthy: no pull request is reviewed until one is. Look at the log group /${var.name}/web."
      namespace  = "AWS/ApplicationELB", metric = "HealthyHostCount", dimensions = local.behind_balancer
      statistic  = "Minimum", comparison = "LessThanThreshold", threshold = 1, period = 60, periods = 3
      on_silence = "breaching"
    }
    web-errors = {
      says       = "The web answers with errors: look at the log group /${var.name}/web. ClOps asks GitHub for failed deliveries again within the hour."
      namespace  = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local.behind_balancer
      statistic  = "Sum", comparison = "GreaterThanThreshold", threshold = 5, period = 300, periods = 1
      on_silence = "notBreaching"
    }
    workers-busy = {
      says      = "No worker runs, or they were busy for half an hour although their number follows the load: look at the log group /${var.name}/worker, or raise workers.most."
      namespace = "AWS/ECS", metric = "CPUUtilization"
      dimensions = {
        ClusterName = aws_ecs_cluster.main.name
        ServiceName = aws_ecs_service.worker.name
      }
      statistic  = "Average", comparison = "GreaterThanThreshold", threshold = 85, period = 300, periods = 6
      on_silence = "breaching"
    }
    database-disk = {
      says       = "The database has less than 2 GiB of disk left and could not grow."
      namespace  = "AWS/RDS", metric = "FreeStorageSpace", dimensions = local.of_database
      statistic  = "Minimum", comparison = "LessThanThreshold", threshold = 2147483648, period = 300, periods = 3
      on_silence = "breaching"
    }
    database-credits = {
      says       = "The database has used up its CPU credits and is paid by the hour above them: a larger database_class is due."
      namespace  = "AWS/RDS", metric = "CPUCreditBalance", dimensions = local.of_database
      statistic  = "Minimum", comparison = "LessThanThreshold", threshold = 10, period = 300, periods = 6
      on_silence = "notBreaching"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.on_silence
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
