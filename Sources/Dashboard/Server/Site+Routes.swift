extension Site {
    /// Every address the server answers, but for those of the login.
    var routes: [Route] {
        PageRoutes(site: self).routes + LiveRoutes(site: self).routes
            + DeploymentRoutes(site: self).routes + MetricsRoutes(site: self).routes
            + QueryRoutes(site: self).routes + EventRoutes(site: self).routes
            + MonitoringRoutes(site: self).routes + BadgeRoutes(site: self).routes
            + FeedRoutes(site: self).routes + PresentRoutes(site: self).routes
            + DocumentRoutes(site: self).routes
    }
}
