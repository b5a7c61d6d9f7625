import DeployLock
