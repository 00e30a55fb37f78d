import HATemplate
