//! The socket: requests to the cloud, answers from it.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::serve::ListenerExt;
use chrono::{DateTime, Utc};
use cimi_model::{Dialect, Uri};
use cimi_protocol::provider::{Provider, Refusal};
use http::StatusCode;
use http::request::Parts;
use http::response;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::cloud::{Answer, Cloud, Fetched};
use crate::trail::Trail;
use crate::{peers, source};

/// As many bytes of a body that is refused are taken from a consumer.
const IGNORED: usize = 64 << 20;

/// How long a consumer may take to send a body that is refused.
const PATIENCE: Duration = Duration::from_secs(2);

/// What all connections share.
#[derive(Clone)]
struct Shared {
    cloud: Arc<Mutex<Cloud>>,
    provider: Arc<Provider>,
    trail: Option<Arc<Trail>>,
}

impl Shared {
    fn new(cloud: Cloud, trail: Option<Trail>) -> Self {
        Self { provider: cloud.provider(), cloud: Arc::new(Mutex::new(cloud)), trail: trail.map(Arc::new) }
    }

    /// Lets the cloud carry out a request, and reports it in the same order: the cloud is never held for longer than that.
    fn handle(&self, head: &Parts, body: &[u8], fetched: Option<&Fetched>, began: DateTime<Utc>) -> Answer {
        let mut cloud = self.cloud.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = cloud.handle(head, body, fetched, Utc::now());
        let Some(trail) = &self.trail else { return answer };
        match answer {
            Answer::Send(response) => {
                let (response, body) = response.into_parts();
                trail.record(head, &response, [began, Utc::now()], cloud.ended());
                Answer::Send(http::Response::from_parts(response, body))
            }
            Answer::Fetch(_) => {
                trail.conclude(cloud.ended());
                answer
            }
        }
    }

    /// Reports a request that the cloud has not seen.
    fn record(&self, head: &Parts, response: &response::Parts, began: DateTime<Utc>) {
        if let Some(trail) = &self.trail {
            trail.record(head, response, [began, Utc::now()], &[]);
        }
    }
}

/// Lets a cloud answer what comes in, and reports that in the trail if there is one.
pub(crate) async fn serve(listener: TcpListener, cloud: Cloud, trail: Option<Trail>) -> std::io::Result<()> {
    let app = Router::new().fallback(answer).with_state(Shared::new(cloud, trail));
    // Answers are written at once: there is nothing to wait for.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}

/// Answers any request.
async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let began = Utc::now();
    let (mut head, body) = request.into_parts();
    if let Some(location) = peers::entry_point(&head, &shared.provider.base) {
        let (response, body) = Redirect::permanent(&location).into_response().into_parts();
        shared.record(&head, &response, began);
        return Response::from_parts(response, body);
    }
    let is_v1 = shared.provider.dialect == Dialect::V1;
    if is_v1 {
        peers::understand(&mut head);
    }
    let mut response = carry_out(&shared, &head, body, began).await;
    if is_v1 {
        peers::state_version(response.headers_mut());
    }
    response.map(Body::from)
}

async fn carry_out(shared: &Shared, head: &Parts, body: Body, began: DateTime<Utc>) -> http::Response<Vec<u8>> {
    let refuse = |refusal: Refusal| {
        let (response, body) = shared.provider.refuse(head, &refusal.at(Utc::now().into())).into_parts();
        shared.record(head, &response, began);
        http::Response::from_parts(response, body)
    };
    // What the head alone makes impossible is refused before the body is read.
    if let Err(refusal) = shared.provider.accept(head) {
        let _ = timeout(PATIENCE, read(body, 0)).await;
        return refuse(refusal);
    }
    let Some(body) = read(body, shared.provider.limits.size).await else {
        return refuse(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long, or does not arrive"));
    };
    let mut fetched = None;
    loop {
        match shared.handle(head, &body, fetched.as_ref(), began) {
            Answer::Send(response) => return response,
            Answer::Fetch(uri) => fetched = Some(fetch(uri, shared.provider.limits.size).await),
        }
    }
}

/// The body, unless it is longer than the limit. More than that is still read, but not kept: most consumers look for the
/// answer when they have sent everything.
async fn read(mut body: Body, limit: usize) -> Option<Vec<u8>> {
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        // Trailers say nothing here.
        let Ok(data) = frame.ok()?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= limit {
            kept.extend_from_slice(&data);
        } else if length > limit.saturating_add(IGNORED) {
            return None;
        }
    }
    (length <= limit).then_some(kept)
}

async fn fetch(uri: Uri, limit: usize) -> Fetched {
    let content = tokio::task::spawn_blocking(move || source::read(&uri, limit)).await;
    Fetched { content: content.unwrap_or_else(|_| Err("the reader has failed".to_owned())) }
}
