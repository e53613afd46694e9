import Hummingbird
import KMIP

/// Every route of the server.
package enum Routes {
    package static func router(
        _ service: Service, authenticator: Authenticator, hosts: AllowedHosts,
        limits: RequestLimits, health: HealthSources
    ) -> Router<KMSRequestContext> {
        let kmip = KMIPRoute(
            service: service, limits: limits.decoding, bodySizeMax: limits.bodySizeMax)
        let access = AccessRoutes(service: service)
        let owned = OwnedRoute(service: service)
        let status = StatusRoutes(service: service, sources: health)

        let router = Router(context: KMSRequestContext.self)
        router.add(
            middleware:
                RequestGuard(
                    hosts: hosts, authenticator: authenticator, audit: service.audit,
                    metrics: service.metrics, addressRate: limits.addressRate,
                    userRate: limits.userRate, logger: service.logger))
        router.post("/kmip/2_1", use: kmip.handle)
        router.get("/access/owned", use: owned.handle)
        router.get("/objects/owned", use: owned.handle)
        router.get("/access/obtained", use: access.obtained)
        router.get("/access/list/:id", use: access.list)
        router.post("/access/grant", use: access.grant)
        router.post("/access/revoke", use: access.revoke)
        router.get("/version", use: status.version)
        router.get(RouterPath(StatusRoutes.healthPath), use: status.health)
        if service.metrics != nil { router.get("/metrics", use: status.metrics) }
        if authenticator.issuesTokens {
            let tokens = TokenRoutes(
                service: service, tokens: IssuedTokens(store: service.gate.store))
            router.post("/tokens", use: tokens.create)
            router.get("/tokens", use: tokens.list)
            router.delete("/tokens/:id", use: tokens.revoke)
        }
        return router
    }
}
